// The cache of Argo CD: an in-memory Redis that asks for a password and listens on the loopback interface.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	port := flag.Int("port", 6379, "port on 127.0.0.1")
	flag.Parse()
	password := os.Getenv("REDIS_PASSWORD")
	if password == "" {
		log.Fatal("REDIS_PASSWORD is not set")
	}
	server := miniredis.NewMiniRedis()
	server.RequireAuth(password)
	if err := server.StartAddr("127.0.0.1:" + strconv.Itoa(*port)); err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s", server.Addr())

	// Keys of miniredis expire only when its clock is moved on.
	tick := time.NewTicker(time.Second)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	for {
		select {
		case <-tick.C:
			server.FastForward(time.Second)
		case <-stop:
			server.Close()
			return
		}
	}
}
