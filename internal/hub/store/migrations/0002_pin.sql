-- +goose Up

-- The result that somebody who walks a report page by page sees on every page. Who walks is the id of a token;
-- page_size tells walks of one token apart.
CREATE TABLE pin (
    enterprise BIGINT NOT NULL REFERENCES enterprise (id),
    walker     TEXT   NOT NULL,
    page_size  BIGINT NOT NULL,
    result     BIGINT NOT NULL,
    pinned_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (enterprise, walker, page_size)
);
CREATE INDEX pin_expiry ON pin (enterprise, expires_at);
