// Enqueues one job: go run producer.go HOST:PORT ID ACTION DATA. Without a module; with one, the same commands. On a cluster
// the address is that of the primary that has the inbox, which a client for clusters finds by itself.
package main

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"net"
	"os"
	"strings"
)

func main() {
	id, redis := os.Args[2], must(net.Dial("tcp", os.Args[1]))
	replies := bufio.NewReader(redis)
	send(redis, "HGET", "posthaste:meta", "tags")
	must(replies.ReadString('\n'))
	tags := strings.Split(strings.TrimSpace(must(replies.ReadString('\n'))), ",")
	tag := tags[crc32.ChecksumIEEE([]byte(id))%uint32(len(tags))]
	send(redis, "XADD", "posthaste:{"+tag+"}:inbox", "*", "v", "1", "id", id, "action", os.Args[3], "data", os.Args[4])
	fmt.Print(must(replies.ReadString('\n')))
}

func send(redis net.Conn, words ...string) {
	fmt.Fprintf(redis, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(redis, "$%d\r\n%s\r\n", len(word), word)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
