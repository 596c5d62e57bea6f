-- +goose Up

-- How people sign in. Each row ends with its person.

CREATE TABLE credential (
    enterprise BIGINT NOT NULL,
    owner      TEXT   NOT NULL,
    password   TEXT   NOT NULL, -- argon2id, in the format of the PHC
    totp       TEXT   NOT NULL, -- what the authenticator app has as well
    totp_step  BIGINT NOT NULL, -- of the last code that was used; none of it or before it is taken again
    set_at     BIGINT NOT NULL,
    PRIMARY KEY (enterprise, owner),
    FOREIGN KEY (enterprise, owner) REFERENCES owner (enterprise, id) ON DELETE CASCADE
);

CREATE TABLE recovery_code (
    enterprise BIGINT NOT NULL,
    owner      TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    PRIMARY KEY (enterprise, owner, hash),
    FOREIGN KEY (enterprise, owner) REFERENCES owner (enterprise, id) ON DELETE CASCADE
);

-- Who somebody is at an OpenID Connect provider.
CREATE TABLE owner_identity (
    enterprise BIGINT NOT NULL,
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    owner      TEXT   NOT NULL,
    linked_at  BIGINT NOT NULL,
    PRIMARY KEY (enterprise, issuer, subject),
    FOREIGN KEY (enterprise, owner) REFERENCES owner (enterprise, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX owner_identity_owner ON owner_identity (enterprise, owner, issuer);

CREATE TABLE session (
    enterprise BIGINT NOT NULL,
    id         TEXT   NOT NULL,
    owner      TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    method     TEXT   NOT NULL CHECK (method IN ('password', 'recovery_code', 'link', 'single_sign_on')),
    browser    TEXT   NOT NULL, -- in a few words, such as "Firefox on Linux"
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL, -- to the hour
    PRIMARY KEY (enterprise, id),
    FOREIGN KEY (enterprise, owner) REFERENCES owner (enterprise, id) ON DELETE CASCADE
);
-- As with tokens, the secret says whose it is.
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_owner ON session (enterprise, owner, created_at);

-- Where single sign-on is the only way in, but for one person.
CREATE TABLE single_sign_on (
    enterprise  BIGINT PRIMARY KEY,
    break_glass TEXT   NOT NULL, -- the owner who may still use a password
    FOREIGN KEY (enterprise, break_glass) REFERENCES owner (enterprise, id)
);
