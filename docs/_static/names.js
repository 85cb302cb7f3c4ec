// The theme's signs that open a branch of the contents have no name; screen readers need one.
document.addEventListener("DOMContentLoaded", () => {
  for (const sign of document.querySelectorAll(".toctree-l1 summary")) {
    const link = sign.closest("li").querySelector("a");
    sign.setAttribute("aria-label", `Pages below ${link ? link.textContent.trim() : "this one"}`);
  }
});
