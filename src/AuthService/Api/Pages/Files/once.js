// A form that the browser sends is sent once: a second press would be refused after the first has worked.

addEventListener('submit', event => {
  if (event.defaultPrevented) // a script sends it
    return;
  if (event.target.dataset.sent)
    event.preventDefault();
  event.target.dataset.sent = 'yes';
});

// The page comes back from the back/forward cache as it was left.
addEventListener('pageshow', event => {
  if (event.persisted)
    document.querySelectorAll('[data-sent]').forEach(form => delete form.dataset.sent);
});
