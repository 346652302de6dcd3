/** Where the page has no clipboard right (plain http, a denied permission) a selection can still be copied. */
export function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
