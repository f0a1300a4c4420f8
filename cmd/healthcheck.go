package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
)

// healthcheckTimeout is shorter than the patience of container engines.
const healthcheckTimeout = 3 * time.Second

func newHealthcheckCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Exit 1 if the server on this machine does not answer, for images without a shell",
		Long:  "Ask the server that the same HOST and PORT started for /healthz. The exit code is 0 if it is well, 1 if it is not.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if cfg.Server.Port == 0 {
				return &exitError{exitUsage, errors.New("PORT is 0, so the server's port is not known here. Set PORT to the port it listens on")}
			}
			if err := checkHealth(c.Context(), "http://"+localAddress(cfg.Server)+"/healthz"); err != nil {
				return &exitError{exitFailure, err}
			}
			fmt.Fprintln(a.out, "The server is well.")
			return nil
		},
	}
}

// localAddress is where a server that listens on s can be reached from its own machine.
func localAddress(s config.Server) string {
	host := s.Host
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip.Is6() {
			host = "::1"
		}
	}
	return net.JoinHostPort(host, strconv.Itoa(s.Port))
}

func checkHealth(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("%s can't be asked: %w", url, err)
	}
	// Without a proxy: HTTP_PROXY is for the world outside.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not well: %s answers %s", url, response.Status)
	}
	return nil
}
