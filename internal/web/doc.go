// Package web is what every request passes on its way to a handler, and every
// answer on its way out, whichever role answers: the shelf's HTTP.
package web
