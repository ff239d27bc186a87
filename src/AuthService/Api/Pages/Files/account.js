import './proof.js';
import { clear as clearFactor, showFactor, watchFactor } from './factor.js';
import { $, ask, drawing, make, say, wordsFor } from './parts.js';
import { showDevices, watchDevices } from './own-devices.js';
import { clearEmail, showEmail, watchEmail } from './own-email.js';
import { sayLinked, showIdentities, watchIdentities } from './own-identities.js';
import { showPasskeys, watchPasskeys } from './own-passkeys.js';
import { clearPassword, showPassword, watchPassword } from './own-password.js';
import { call, claims, discard, forget, mayBeSignedIn, onChangedElsewhere, signOut, takeSignIn } from './session.js';

const sessionsPath = '/account/auth/sessions';
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]];

takeSignIn();
watchFactor(guard, show);
watchPasskeys(guard, show);
watchDevices(guard);
watchEmail(guard);
watchIdentities(guard);
watchPassword(guard, showSignedOut);
onChangedElsewhere(signedIn => {
  $('#ask').close(); // the answer would be carried out on the new session
  return signedIn ? guard(show) : showSignedOut('You signed out in another tab.');
});
// Out of the back/forward cache it shows whoever left it.
addEventListener('pageshow', event => event.persisted && location.reload());
if (mayBeSignedIn())
  guard(show);
else
  showSignedOut('Sign in to see where you are signed in.');

$('#sign-out').addEventListener('click', () => guard(leave));

$('#end-others').addEventListener('click', () => guard(async () => {
  const what = 'Every other device, service and administrator loses access at once. Only this sign-in stays.';
  const sure = await ask('Sign out all others?', what, 'Sign out others');
  if (!sure)
    return;
  await call('DELETE', sessionsPath);
  await show();
  say('All others are signed out.');
}));

$('#end-all').addEventListener('click', () => guard(async () => {
  const what = 'Every device loses access at once, this one as well, and no service acts for you any longer.';
  const sure = await ask('Sign out everywhere?', what, 'Sign out everywhere');
  if (!sure)
    return;
  await call('DELETE', `${sessionsPath}/all`);
  forget();
  showSignedOut('You are signed out on every device, and no service acts for you any longer.');
}));

/** Does it and says what went wrong; a session that has ended ends here too. */
async function guard(work) {
  say('');
  try {
    await work();
  } catch (refusal) {
    if (refusal.isDeclined)
      return;
    if (refusal.status === 401 && !refusal.needsProof) {
      forget();
      showSignedOut(refusal.ending ?? 'Your session has ended.');
    } else {
      $('#signed-in').hidden = false;
      $('#problem').textContent = wordsFor(refusal);
    }
  }
}

async function show() {
  const sessions = await call('GET', `${sessionsPath}/active`).catch(refusal => {
    if (refusal.code !== 'TWO_FACTOR_REQUIRED')
      throw refusal;
    return null; // the set-up is all there is for this person until then
  });
  const me = claims();
  if (me === null) // another tab has signed out meanwhile
    return;
  if ($('#owner').value !== me.sub)
    clear(); // another person was shown here before
  const name = [me.firstNames, me.lastName].filter(Boolean).join(' ');
  $('#person').textContent = name ? `${name} (${me.sub})` : me.sub;
  $('#owner').value = me.sub;
  $('#actor').hidden = !me.act;
  $('#password').hidden = Boolean(me.act);
  $('#actor').textContent = me.act ? `${me.act.sub}, you act as ${me.sub} here. What you do is on record under your own name.` : '';
  $('#factor').hidden = $('#passkeys').hidden = Boolean(me.act);
  $('#known').hidden = $('#email').hidden = $('#identities').hidden = true; // until it is known what to show
  $('#signed-in').classList.toggle('owing', sessions === null);
  if (sessions !== null)
    showSessions(sessions, me);
  if (!me.act)
    await Promise.all([showFactor({ keepOpen: true }), showPasskeys(), ...(sessions ? [showDevices(), showEmail(), showIdentities(), showPassword()] : [])]);
  if (claims() === null)
    return;
  $('#signed-out').hidden = true;
  $('#signed-in').hidden = false;
  sayLinked();
}

function showSessions(sessions, me) {
  const isInPlace = session => session.actor && session.actor !== me.sub && !session.current;
  list($('#devices'), sessions.filter(session => !session.extendedBy && !isInPlace(session)), describeDevice);
  list($('#delegated ul'), sessions.filter(session => session.extendedBy), describeService);
  list($('#impersonated ul'), sessions.filter(session => !session.extendedBy && isInPlace(session)), describeActor);
  $('#end-others').hidden = sessions.length < 2;
}

function list(place, sessions, describe) {
  const section = place.closest('section');
  section.hidden = section.id !== '' && sessions.length === 0;
  place.replaceChildren(...sessions.toSorted((one, other) => other.current - one.current).map(session => item(session, describe(session))));
}

function describeDevice(session) {
  const acting = session.actor && (session.actor === claims().sub ? 'you act as somebody else here' : `${session.actor} acts in your place here`);
  return {
    icon: session.deviceType,
    title: session.deviceName,
    badge: session.current && 'this device',
    facts: [
      [session.location, session.ipAddress, acting].filter(Boolean).join(' · ') || 'Opened by a service',
      `${session.current ? 'In use now' : `Last used ${ago(session.inactivityDuration)}`} · signed in ${dates.format(session.loginTime)}`,
    ],
    action: 'Sign out',
  };
}

const describeService = session => ({
  icon: 'Service',
  title: session.extendedBy,
  facts: [
    `Acts for you until ${dates.format(session.expiresAt)} at the latest`,
    `Last used ${ago(session.inactivityDuration)} · since ${dates.format(session.loginTime)}`,
  ],
  action: 'End access',
});

const describeActor = session => ({
  icon: 'Actor',
  title: session.actor,
  facts: [
    `${session.actorService
      ? `The service ${session.actorService} acts as you for the administrator ${session.actor}`
      : `The administrator ${session.actor} is signed in as you`}, until ${dates.format(session.expiresAt)} at the latest`,
    [session.deviceName, session.location, session.ipAddress].filter(Boolean).join(' · '),
  ],
  action: 'End access',
});

function item(session, { icon, title, badge, facts, action }) {
  const heading = make('h3', { textContent: title });
  if (badge)
    heading.append(make('span', { className: 'badge', textContent: badge }));
  const words = make('div');
  words.append(heading, ...facts.map(fact => make('p', { className: 'muted facts', textContent: fact })));
  const button = make('button', { textContent: action, ariaLabel: `${action}: ${title}${badge ? `, ${badge}` : ''}` });
  button.addEventListener('click', () => guard(() => end(session, title)));
  const row = make('li');
  row.append(drawing(icon), words, button);
  return row;
}

async function leave() {
  if (await signOut())
    showSignedOut('Until next time.');
  else
    showSignedOut('Somebody has signed in again in this browser, and is still signed in. Sign in here to sign out.', 'This browser is still signed in');
}

async function end(session, title) {
  if (session.current)
    return leave();
  await discard(`${sessionsPath}/${session.sessionId}`);
  await show();
  say(`${title}: access has ended.`);
  $('#signed-in h1').focus();
}

function showSignedOut(why, title = 'You are signed out') {
  $('#proof').close();
  clear();
  for (const place of document.querySelectorAll('.sessions'))
    place.replaceChildren();
  $('#person').textContent = $('#owner').value = '';
  $('#signed-in').hidden = true;
  $('#signed-out').hidden = false;
  $('#signed-out h1').textContent = title;
  $('#why').textContent = why;
  $('#signed-out h1').focus();
}

/** Leaves nothing that one person has opened or typed for the next one. */
function clear() {
  $('#ask').close();
  clearFactor();
  clearEmail();
  clearPassword();
}

function ago(milliseconds) {
  const [unit, length] = units.find(([, length]) => milliseconds >= length) ?? [];
  return unit ? relative.format(-Math.floor(milliseconds / length), unit) : 'just now';
}
