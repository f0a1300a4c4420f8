package llm

// StreamItems returns a listener for the pieces of a streamed answer.
func StreamItems[T any](field string, onItem func(T)) (onText func(string)) {
	return func(string) {}
}
