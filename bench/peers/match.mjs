// Runs rules.sql over a generated enterprise in DuckDB and prints what the
// other programs of the benchmark print, as JSON:
//
//   node match.mjs DIRECTORY INSTANT
//
// Timed is what happens between the CSV files and the tables "server" (every
// account with its reason) and "person" (sorted people). The counts and the
// digests that prove equality are computed after the clock and the memory were
// read.
import { readdirSync, readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [directory, instant] = process.argv.slice(2);
if (!directory || !instant) {
  console.error('usage: node match.mjs DIRECTORY INSTANT');
  process.exit(2);
}

const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const rules = readFileSync(new URL('rules.sql', import.meta.url), 'utf8').split(/;\s*\n/).filter((s) => s.trim());
const hosts = readdirSync(directory).filter((f) => f.startsWith('server-')).sort().map((f) => f.slice(7, -4));
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

const idle = peakBytes();
const cpuBefore = process.cpuUsage();
const start = process.hrtime.bigint();
await connection.run(`SET VARIABLE dir = ${quoted(directory)}`);
await connection.run(`SET VARIABLE instant = ${quoted(instant)}`);
await connection.run(`SET VARIABLE hosts = [${hosts.map((h) => quoted(h + ':'))}]`);
await connection.run(`SET VARIABLE domains = (SELECT map_from_entries(list((domain, ascii)))
  FROM read_csv(${quoted(directory + '/domains.csv')}, header = true))`);
for (const statement of rules) await connection.run(statement);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const cpu = process.cpuUsage(cpuBefore);
const peak = peakBytes();

const [people, licenses] = await row(`SELECT count(*), count(*) FILTER (license <> '') FROM person`);
const types = await pairs(`SELECT license, count(*) FROM person WHERE license <> '' GROUP BY ALL`);
const reasons = await pairs(`SELECT 'R' || rule, count(*) FROM server GROUP BY ALL`);
const [ties] = await row(`SELECT count(*) FROM server WHERE tie`);
const [peopleDigest] = await row(`SELECT ${digest(
  `rowid || E'\\t' || anchor || E'\\t' || accounts || E'\\t' || license`)} FROM person`);
const [accountsDigest] = await row(`SELECT ${digest(
  `h || E'\\t' || CASE WHEN login IS NOT NULL THEN 'cloud:' || login WHEN key IS NOT NULL THEN 'address:' || key ELSE 'account:' || h END
   || E'\\tR' || rule || E'\\t' || coalesce(key, '') || E'\\t' || attribute || E'\\t' || tie`)}
  FROM (SELECT getvariable('hosts')[instance] || id AS h, lower_login AS login, key, rule, attribute, tie
        FROM server LEFT JOIN account USING (account))`);

console.log(JSON.stringify({
  seconds, cpu_seconds: (cpu.user + cpu.system) / 1e6, idle_bytes: idle, peak_bytes: peak,
  tally: {
    people: Number(people), licenses: Number(licenses), licenses_by_type: types, reasons, ties: Number(ties),
    people_digest: peopleDigest, accounts_digest: accountsDigest,
  },
}));

// digest adds up the low halves of the MD5 of every line, modulo 2^64; order
// matters when the line holds its own number.
function digest(line) {
  return `(sum(md5_number_lower(${line})) % 18446744073709551616::HUGEINT)::VARCHAR`;
}

async function row(sql) {
  return (await connection.runAndReadAll(sql)).getRowsJson()[0];
}

async function pairs(sql) {
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  return Object.fromEntries(rows.map(([name, n]) => [name, Number(n)]));
}

// peakBytes is the most memory this process has held at once.
function peakBytes() {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
