-- +goose Up
-- When each schedule runs next, and ran last; microseconds since 1970, UTC.
CREATE TABLE schedule (
  name TEXT PRIMARY KEY,
  next_run_at BIGINT NOT NULL,
  last_run_at BIGINT
);
