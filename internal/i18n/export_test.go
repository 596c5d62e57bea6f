package i18n

// NewFrom is New with other files than the program's own.
var NewFrom = newFrom
