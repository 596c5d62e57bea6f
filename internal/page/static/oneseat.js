// Makes pages better for those whose browser runs scripts. Everything here
// works without it: lists submit by a button, files go by a plain form.
(() => {
  "use strict";
  document.documentElement.classList.add("scripts");

  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-submit=change]");
    if (field) field.form.requestSubmit();
  });

  // A menu that scrolls shows the page one is on.
  for (const here of document.querySelectorAll("nav [aria-current=page]")) {
    const menu = here.closest("ul").getBoundingClientRect();
    here.closest("ul").scrollLeft += here.getBoundingClientRect().left - menu.left - 16;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.copied = "";
  });

  // A drop zone is the label of a file field: what is dropped on it is chosen.
  for (const zone of document.querySelectorAll("[data-drop]")) {
    const field = zone.querySelector("input[type=file]");
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("drop-over", on);
    };
    zone.addEventListener("dragenter", over(true));
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("change", () => {
      const names = [...field.files].map((file) => file.name).join(", ");
      zone.querySelector("[data-chosen]").textContent = names;
      zone.classList.toggle("drop-chosen", names !== "");
    });
  }

  // A form that sends files shows how far it is. The answer is a page, and
  // takes the place of this one.
  for (const form of document.querySelectorAll("form[data-progress]")) {
    const shown = form.querySelector("[data-shown=progress]");
    const bar = shown.querySelector("progress");
    const words = shown.querySelector("[data-words]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.responseType = "text";
      request.upload.addEventListener("progress", (sent) => {
        if (!sent.lengthComputable) return;
        bar.max = sent.total;
        bar.value = sent.loaded;
        words.textContent = form.dataset.sending.replace("0", Math.floor((100 * sent.loaded) / sent.total));
      });
      request.upload.addEventListener("load", () => {
        bar.removeAttribute("value");
        words.textContent = form.dataset.checking;
      });
      request.addEventListener("load", () => {
        if (request.status < 400) return location.assign(request.responseURL);
        document.open();
        document.write(request.responseText);
        document.close();
      });
      request.addEventListener("error", () => {
        shown.hidden = true;
        form.querySelector("[type=submit]").disabled = false;
        form.querySelector("[data-shown=broken]").hidden = false;
      });
      shown.hidden = false;
      form.querySelector("[data-shown=broken]").hidden = true;
      form.querySelector("[type=submit]").disabled = true;
      request.send(new FormData(form));
    });
  }
})();
