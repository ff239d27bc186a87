// A local OpenID Connect provider for the tests. To a browser its address is another site than 127.0.0.1. It accepts any name with any password.
// Arguments: the redirect URIs. It writes its issuer, and stops when its standard input is closed.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'authservice',
        client_secret: 'secret-of-the-client',
        redirect_uris: process.argv.slice(2),
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: {
      email: ['email', 'email_verified'],
      profile: ['given_name', 'family_name', 'preferred_username', 'locale'],
    },
    cookies: { keys: ['the cookies of a test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        preferred_username: id,
        given_name: 'Ada',
        family_name: 'Lovelace',
        locale: 'en',
        email: `${id}@example.com`,
        email_verified: true,
      }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit());
