// Sends requests from a file, one a line: way, URL, file of the body, headers; parts with tabs between them.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	orders, err := os.Open(os.Args[1])
	check(err)
	client := &http.Client{Transport: &http.Transport{}}
	lines := bufio.NewScanner(orders)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "\t")
		body, err := os.ReadFile(parts[2])
		check(err)
		request, err := http.NewRequest("POST", parts[1], bytes.NewReader(body))
		check(err)
		for _, header := range parts[3:] {
			name, value, _ := strings.Cut(header, ": ")
			request.Header.Set(name, value)
		}
		if parts[0] == "trailers" {
			// Without a length it goes in chunks, which trailers need.
			request.ContentLength = -1
			request.Trailer = http.Header{"X-Sum": {"last"}}
		}
		answer, err := client.Do(request)
		check(err)
		_, err = io.Copy(io.Discard, answer.Body)
		check(err)
		check(answer.Body.Close())
		fmt.Println(answer.StatusCode)
	}
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
