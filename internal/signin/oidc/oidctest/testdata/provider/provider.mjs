// An OpenID Connect provider for tests, in a process of its own.
//
//   node provider.mjs REDIRECT
//
// It knows two clients that may be sent back to REDIRECT: "hub" with the secret
// "hub-secret", and "public" without one. Who signs in as "name,address,verified"
// is that person, and this their subject: the provider's own development pages
// take any password.
// The first line it writes is its issuer; it ends when its standard input does.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [redirect] = process.argv.slice(2);
const client = { redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] };

const server = createServer((request, response) => serve(request, response));
let serve;
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'hub', client_secret: 'hub-secret' },
      { ...client, client_id: 'public', token_endpoint_auth_method: 'none' },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    async findAccount(_, id) {
      const [, email, verified] = id.split(',');
      return { accountId: id, claims: () => ({ sub: id, email, email_verified: verified === 'true' }) };
    },
  });
  serve = provider.callback();
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
