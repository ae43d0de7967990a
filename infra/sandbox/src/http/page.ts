const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A page with a heading, a line of text and buttons; each button posts a form. `title` and `text` are escaped here. */
export function page(
  title: string,
  text: string,
  buttons: readonly { label: string; action: string }[],
): string {
  const forms = buttons
    .map(
      ({ label, action }) =>
        `<form method="post" action="${escapeHtml(action)}"><button>${escapeHtml(label)}</button></form>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>body{font:18px/1.6 system-ui;margin:3rem auto;max-width:26rem;padding:0 1rem}button{font:inherit;padding:.6rem 1.2rem;margin:.3rem 0;width:100%}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
${forms}
<p><small>Sandbox: no money moves here.</small></p>
</html>
`;
}
