-- +goose Up

-- The newest upload of each source.
CREATE INDEX upload_of ON upload (enterprise, source, created_at, id);
