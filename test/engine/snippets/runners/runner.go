// Has receivers judge requests: `go run . requests.txt`, one answer on a line of its own.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// judge is what each receiver is called by, whichever parts of a request it reads.
type judge func(method, target string, headers http.Header, body []byte, secrets []string) error

func text(field string) string {
	decoded, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		panic(err)
	}
	return string(decoded)
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		headers := http.Header{}
		for _, field := range strings.Split(text(fields[3]), "\n") {
			if name, value, found := strings.Cut(field, ":"); found {
				headers.Add(name, value)
			}
		}
		var secrets []string
		for _, secret := range strings.Split(fields[5], ",") {
			secrets = append(secrets, text(secret))
		}
		if err := receivers[fields[0]](fields[1], fields[2], headers, []byte(text(fields[4])), secrets); err != nil {
			fmt.Println(err)
		} else {
			fmt.Println("genuine")
		}
	}
}
