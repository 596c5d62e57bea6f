// Package auditlog is the page Audit log, whichever role shows it: who did what,
// whether anybody changed the log since, and all of it as a file.
//
// The log itself is internal/signin's. The package deliberately knows no role:
// who may look has been let in, and what stands around the page and whose log it
// is are told to it ([Around]). Start with [New].
package auditlog
