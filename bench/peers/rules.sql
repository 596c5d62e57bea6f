-- The rules of docs/matching-rules.md as SQL, for the documented policy without
-- a report of GitHub's: R1 to R10, C1 to C6, volume billing. Statements run one
-- after another; the variables dir, instant, domains and hosts
-- are set by match.mjs.

-- Values. What is plainly an address in ASCII needs lower case alone; trim and
-- NFC are slow and kept for the few others. DuckDB has no IDNA: the IDNA form
-- of the domains that are not ASCII comes from domains.csv.
CREATE MACRO normal(s) AS nfc_normalize(lower(nfc_normalize(s)));
CREATE MACRO ascii_domain(s) AS coalesce(getvariable('domains')[s], s);
CREATE MACRO unusual_key(s) AS CASE
    WHEN NOT s LIKE '_%@_%' OR s LIKE '%@%@%' THEN NULL
    WHEN strlen(s) = length(s) THEN lower(rtrim(s, '.'))
    ELSE normal(split_part(s, '@', 1)) || '@' || rtrim(ascii_domain(normal(split_part(s, '@', 2))), '.')
  END;
CREATE MACRO address_key(s) AS CASE
    WHEN regexp_full_match(s, '[!-?A-~]+@[!-?A-~]*[!-\-/-?A-~]') THEN lower(s)
    ELSE unusual_key(trim(s, E' \t\n\r'))
  END;

-- R1: every cloud account is one person. C1, invitations by address not yet
-- looked at.
CREATE TABLE account AS
SELECT id AS account, login, lower(login) AS lower_login, suspended,
       NOT suspended AND collaboration IS NOT NULL AS outside,
       NOT suspended AND coalesce(organization, collaboration, pending) IS NOT NULL AS consumes
FROM read_csv(getvariable('dir') || '/cloud_accounts.csv', header = true, auto_detect = false, columns = {
       id: 'UINTEGER', login: 'VARCHAR', suspended: 'BOOLEAN',
       organization: 'VARCHAR', collaboration: 'VARCHAR', pending: 'VARCHAR'});

-- R3 and R4: what a cloud account can be found under; rank 6 is R4's verified
-- addresses.
CREATE TABLE claim AS
SELECT * FROM (
  SELECT address_key(value) AS key, account, CASE
      WHEN protocol = 'saml' AND name = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name' THEN 1
      WHEN protocol = 'saml' AND name = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress' THEN 2
      WHEN protocol = 'saml' AND name = 'username' OR protocol = 'scim' AND name = 'userName' THEN 3
      WHEN protocol = 'saml' AND name = 'NameID' THEN 4
      WHEN name = 'emails' THEN 5
    END::UTINYINT AS rank
  FROM read_csv(getvariable('dir') || '/cloud_identities.csv', header = true, auto_detect = false, columns = {
         account: 'UINTEGER', organization: 'VARCHAR', protocol: 'VARCHAR', name: 'VARCHAR', value: 'VARCHAR'})
  UNION ALL
  SELECT address_key(email), account, 6::UTINYINT
  FROM read_csv(getvariable('dir') || '/cloud_emails.csv', header = true, auto_detect = false, columns = {
         account: 'UINTEGER', email: 'VARCHAR', "primary": 'BOOLEAN', verified: 'BOOLEAN'})
  WHERE verified)
WHERE key IS NOT NULL AND rank IS NOT NULL;

-- R3, R4 and R10: the account each key leads to. The first rank decides; of a
-- tie's candidates the one that has the key verified, then one that consumes
-- on its own, then the smallest login. Rank and account are packed into one
-- number, so that the many keys without a tie cost two minima.
CREATE TABLE hit AS
WITH best AS MATERIALIZED (
  SELECT key,
         min(rank::UBIGINT << 32 | account::UBIGINT) AS least,
         min(rank::UBIGINT << 32 | (4294967295 - account)::UBIGINT) AS most
  FROM claim GROUP BY key),
tied AS (
  SELECT key, (least >> 32)::UTINYINT AS rank FROM best
  WHERE least & 4294967295 <> 4294967295 - (most & 4294967295)),
winner AS (
  SELECT key, arg_min(account, (NOT has_verified, NOT consumes, lower_login)) AS account
  FROM (
    SELECT c.key, c.account, a.consumes, a.lower_login, bool_or(v.rank = 6) AS has_verified
    FROM tied
    JOIN claim c ON c.key = tied.key AND c.rank = tied.rank
    JOIN claim v ON v.key = c.key AND v.account = c.account
    JOIN account a ON a.account = c.account
    GROUP BY ALL)
  GROUP BY key)
SELECT key, coalesce(winner.account, (least & 4294967295)::UINTEGER) AS account,
       (least >> 32)::UTINYINT AS attribute, winner.account IS NOT NULL AS tie
FROM best LEFT JOIN winner USING (key);
DROP TABLE claim;

-- R8: open invitations, resolved like a server key.
CREATE TABLE invitation AS
SELECT email, key, hit.account, kind = 'outside_collaborator' AND a.outside AS exception
FROM (
  SELECT email, address_key(email) AS key, kind
  FROM read_csv(getvariable('dir') || '/invitations.csv', header = true, auto_detect = false, columns = {
         email: 'VARCHAR', organization: 'VARCHAR', repository: 'VARCHAR', kind: 'VARCHAR',
         created_at: 'TIMESTAMP', source: 'VARCHAR', state: 'VARCHAR'})
  WHERE state = 'open' AND (source = 'scim' OR created_at IS NULL
        OR getvariable('instant')::TIMESTAMP - created_at <= INTERVAL 168 HOURS))
LEFT JOIN hit USING (key)
LEFT JOIN account a ON a.account = hit.account;

-- R3 to R7: every server account with its reason. Its anchor is the cloud
-- account, else the key, else host and id; email is the address as written,
-- where that differs from the key and matters for the order of people. DuckDB
-- takes the CSV files for a few hundred rows and would build its hash table
-- from them; told to keep the order of the joins, it needs half the memory.
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE TABLE server AS
WITH invited AS (SELECT DISTINCT key, true AS yes FROM invitation WHERE account IS NULL)
SELECT instance, id, key, hit.account,
       CASE WHEN hit.account IS NULL AND email <> key THEN email END AS email,
       CASE WHEN hit.attribute = 6 THEN 4 WHEN hit.attribute IS NOT NULL THEN 3
            WHEN invited.yes THEN 5 WHEN key IS NOT NULL THEN 6 ELSE 7 END::UTINYINT AS rule,
       coalesce(hit.attribute, 0) AS attribute, coalesce(hit.tie, false) AS tie
FROM (
  SELECT (file_index + 1)::UTINYINT AS instance, id, email, address_key(email) AS key
  FROM read_csv(getvariable('dir') || '/server-*.csv', header = true, auto_detect = false, columns = {
         id: 'VARCHAR', login: 'VARCHAR', email: 'VARCHAR', "suspended?": 'BOOLEAN'})
  WHERE NOT "suspended?" AND login NOT IN ('ghost', 'scim-admin'))
LEFT JOIN hit USING (key)
LEFT JOIN invited USING (key);
RESET disabled_optimizers;

-- R9: subscriptions; person is the cloud account, else the address key of
-- people without one. Those that are nobody's consume nothing.
CREATE TABLE subscribed AS
SELECT DISTINCT coalesce(named.account, hit.account) AS account,
       CASE WHEN named.account IS NULL AND hit.account IS NULL THEN key END AS key
FROM (
  SELECT lower(login) AS lower_login, address_key(email) AS key
  FROM read_csv(getvariable('dir') || '/subscriptions.csv', header = true, auto_detect = false, columns = {
         id: 'VARCHAR', email: 'VARCHAR', login: 'VARCHAR'}))
LEFT JOIN account named USING (lower_login)
LEFT JOIN hit USING (key);

DROP TABLE hit;

-- C1 to C6 and the order of the people: those of the cloud by login, then the
-- others by first server address, first server id and invited address. Two
-- keys never share an address as written, so the server id is asked for people
-- without a key alone.
CREATE TABLE person AS
WITH placed AS (SELECT account, count(*) AS n FROM server WHERE account IS NOT NULL GROUP BY account),
given AS (SELECT DISTINCT account FROM invitation WHERE account IS NOT NULL AND NOT exception),
subscriber AS (SELECT DISTINCT account FROM subscribed WHERE account IS NOT NULL)
SELECT 'cloud:' || lower_login AS anchor, (1 + coalesce(placed.n, 0))::UINTEGER AS accounts,
       CASE WHEN placed.n IS NULL AND NOT account.consumes
                 AND (suspended OR given.account IS NULL AND subscriber.account IS NULL) THEN ''
            WHEN subscriber.account IS NOT NULL THEN 'Visual Studio subscription'
            ELSE 'Enterprise' END AS license
FROM account
LEFT JOIN placed USING (account)
LEFT JOIN given USING (account)
LEFT JOIN subscriber USING (account)
ORDER BY lower_login;

INSERT INTO person
WITH known AS (
  SELECT key, count(*) AS n, min(coalesce(email, key)) AS email
  FROM server WHERE account IS NULL AND key IS NOT NULL GROUP BY key),
invited AS (SELECT key, min(email) AS invited FROM invitation WHERE account IS NULL GROUP BY key),
subscriber AS (SELECT DISTINCT key FROM subscribed WHERE key IS NOT NULL),
others AS (
  SELECT 'address:' || key AS anchor, coalesce(n, 0) AS accounts, subscriber.key IS NOT NULL AS subscribed,
         email, NULL AS host_id, invited
  FROM known FULL JOIN invited USING (key) LEFT JOIN subscriber USING (key)
  UNION ALL
  SELECT 'account:' || host_id, 1, false, email, host_id, NULL
  FROM (SELECT email, getvariable('hosts')[instance] || id AS host_id FROM server WHERE rule = 7)
  UNION ALL
  SELECT 'exception:' || key, 0, false, NULL, NULL, min(email) FROM invitation WHERE exception GROUP BY key)
SELECT anchor, accounts, CASE WHEN subscribed THEN 'Visual Studio subscription' ELSE 'Enterprise' END
FROM others
ORDER BY email NULLS FIRST, host_id NULLS FIRST, invited;
