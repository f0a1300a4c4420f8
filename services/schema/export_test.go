package schema

// UpDir applies the files of a directory that a test made.
var UpDir = up
