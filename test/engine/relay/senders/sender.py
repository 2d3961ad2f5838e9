"""Sends requests from a file, one a line: way, URL, file of the body, headers; parts with tabs between them."""

import http.client
import sys
import urllib.request
from urllib.parse import urlsplit


def by_urllib(url, body, headers):
    # An empty proxy handler: what is sent to this machine goes straight.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(urllib.request.Request(url, data=body, headers=headers, method="POST")).status


def by_http_client(url, body, headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request("POST", parts.path, body, headers)
    return connection.getresponse().status


def with_trailers(url, body, headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.putrequest("POST", parts.path)
    for name, value in {**headers, "Transfer-Encoding": "chunked", "Trailer": "X-Sum"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"%x\r\n%s\r\n0\r\nX-Sum: last\r\n\r\n" % (len(body), body))
    return connection.getresponse().status


ways = {"urllib": by_urllib, "http.client": by_http_client, "trailers": with_trailers}
with open(sys.argv[1], encoding="utf-8") as orders:
    for order in orders:
        way, url, file, *headers = order.rstrip("\n").split("\t")
        with open(file, "rb") as body:
            print(ways[way](url, body.read(), dict(header.split(": ", 1) for header in headers)))
