// The admin follows the theme that somebody chose for the console: the server has written it on the page, and what the
// admin itself once stored would stand against it.
// Needed by: every page of the admin; aftersales/admin/look.py names it.
localStorage.setItem("adminTheme", JSON.stringify(document.documentElement.className || "auto"));
