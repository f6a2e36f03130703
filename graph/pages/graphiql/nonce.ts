// Lets the editor add its style sheets under a policy that allows only those with the page's nonce.
//
// Monaco and the dialogs create <style> elements while they run and offer no way to give them a nonce; the one place
// they all pass through is createElement. Imported before anything that could create one.

const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
const create = document.createElement;

document.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
  const element = create.call(this, name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
} as typeof document.createElement;
