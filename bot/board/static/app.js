// Hands on what Telegram puts behind the address when it opens the Mini App.
const opened = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
const form = document.getElementById("opened");
if (opened) {
  form.elements.data.value = opened;
  history.replaceState(null, "", location.pathname);
  form.submit();
}
