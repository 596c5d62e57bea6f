// Package web is what every request passes on its way to a handler, and every
// answer on its way out, whichever role answers.
//
// A surface lists its routes as data ([Route]) and its handlers return errors
// ([Handler]). An [App] does the rest: who asks and from where, how often and
// how much, the headers that keep browsers safe, refusals as a sentence in the
// shape the route's readers expect, one line of log and the metrics. A
// [Server] carries it over TCP or TLS and stops without cutting anybody off.
//
// The package deliberately knows no role, no token and no page: the role
// decides who may do what ([Config.Authorize]) and how a page looks
// ([Config.Page]). It sets no limit on how long a body may take, only on how
// long it may stand still ([Limits]).
//
// Invariants: a request has exactly one line in the log, and neither that line
// nor a metric holds a path as asked for, a query, an address of the network
// or of a person. The cause of an internal error leaves the process by the log
// alone. Whatever a stranger can make grow has a bound; no address of the network
// can take every connection.
//
// Start with [Route], [New] and [App.Mount].
package web
