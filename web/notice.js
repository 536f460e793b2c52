// Short notices of the page itself, below right: what the canvas cannot say because it concerns the browser.

export class Notices {
  constructor(element) {
    this.element = element;
  }

  // One sentence, with a button per action {label: what to do} beside the one that closes it.
  show(sentence, actions = {}) {
    if ([...this.element.children].some((child) => child.dataset.sentence === sentence)) return;
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.dataset.sentence = sentence;
    notice.setAttribute('role', 'status');
    const text = document.createElement('p');
    text.textContent = sentence;
    notice.append(text);
    const row = document.createElement('div');
    row.className = 'row';
    for (const [label, action] of Object.entries(actions)) row.append(button(label, action, 'primary'));
    row.append(button('Close', () => notice.remove(), ''));
    notice.append(row);
    this.element.append(notice);
  }

  // It is true no longer.
  withdraw(sentence) {
    [...this.element.children].find((child) => child.dataset.sentence === sentence)?.remove();
  }
}

function button(label, action, className) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = label;
  made.addEventListener('click', action);
  return made;
}
