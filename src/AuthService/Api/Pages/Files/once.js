// A form that the browser sends is sent once: a second press would be refused after the first has worked. After ten seconds it may be sent again,
// because people stop a page that does not load.

addEventListener('submit', event => {
  if (event.defaultPrevented) // a script sends it
    return;
  const { dataset } = event.target;
  if (dataset.sent) {
    event.preventDefault();
    return;
  }
  dataset.sent = 'yes';
  setTimeout(() => delete dataset.sent, 10_000);
});

// The page comes back from the back/forward cache as it was left.
addEventListener('pageshow', event => {
  if (event.persisted)
    document.querySelectorAll('[data-sent]').forEach(form => delete form.dataset.sent);
});
