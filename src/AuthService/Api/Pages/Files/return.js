// Runs on the page that ends a sign-in. The page itself sends the browser on.

import { keepSignIn } from './session.js';

keepSignIn();
