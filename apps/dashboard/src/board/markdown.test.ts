import { describe, expect, it } from 'vitest';
import { anchorOf, markdownHtml } from './markdown.ts';

const html = (markdown: string) => markdownHtml(markdown, (target) => (target.startsWith('#') ? target : undefined));

describe('markdownHtml', () => {
  it('makes headings with their anchors, and paragraphs of lines', () => {
    expect(html('### Next, `one`!\n\nLook\nhere.')).toBe(
      '<h3 id="next-one">Next, <code>one</code>!</h3>\n<p>Look here.</p>',
    );
    expect(anchorOf('Next, `one`!')).toBe('next-one');
  });

  it('makes tables, with bars inside of code', () => {
    expect(html('| a | b |\n| --- | --- |\n| `x|y` | z |')).toBe(
      '<div class="wide"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><code>x|y</code></td><td>z</td></tr></tbody></table></div>',
    );
  });

  it('makes lists, and leaves code as it stands', () => {
    expect(html('- one\n  more\n- **two**')).toBe('<ul><li>one more</li><li><strong>two</strong></li></ul>');
    expect(html('1. one\n2. two')).toBe('<ol><li>one</li><li>two</li></ol>');
    expect(html('Run:\n\n```sh\nnpm start\n\n# <x>\n```\n\nDone.')).toBe(
      '<p>Run:</p>\n<pre><code>npm start\n\n# &lt;x&gt;\n</code></pre>\n<p>Done.</p>',
    );
  });

  it('links what can be opened, and names the rest', () => {
    expect(html('[here](#a) and [there](errors.md)')).toBe(
      '<p><a href="#a">here</a> and there (<code>errors.md</code>)</p>',
    );
  });

  it('lets no markup through', () => {
    expect(html('<b>x</b> `<i>` [<u>](#"x)')).toBe(
      '<p>&lt;b&gt;x&lt;/b&gt; <code>&lt;i&gt;</code> <a href="#&quot;x">&lt;u&gt;</a></p>',
    );
  });
});
