package llm

import "time"

// SetBackoff shortens the pauses between attempts.
func (c *Client) SetBackoff(d time.Duration) { c.backoff = d }

// SetBackoff shortens the pauses between attempts.
func (e *Embedder) SetBackoff(d time.Duration) { e.backoff = d }
