/** The style of a case file, in light and dark. Everything is by class or attribute: its policy allows no style in an element. */
export const pageStyle = `
:root{color-scheme:light dark;--canvas:#fff;--subtle:#f8f9fa;--border:#e2e5e9;--text:#1a1e24;--muted:#565f6b;--accent:#2a4dc4;
--good:#17683a;--good-tint:#e6f4ec;--bad:#b3261e;--bad-tint:#fdeceb;--trouble:#875300;--trouble-tint:#fdf1da;
--p1:#6f42c1;--p1-tint:#f2ecfb;--p2:#0b6a8f;--p2-tint:#e3f2f8;--p3:#96470f;--p3-tint:#fbeee3;--p4:#4d5560;--p4-tint:#eceef1}
@media(prefers-color-scheme:dark){:root{--canvas:#17191d;--subtle:#1b1e22;--border:#2a2f36;--text:#e6e8eb;--muted:#a3acb7;--accent:#9db1f3;
--good:#6fcf97;--good-tint:#17301f;--bad:#ff938b;--bad-tint:#3d1d1c;--trouble:#eeb45a;--trouble-tint:#36290f;
--p1:#c3a6f5;--p1-tint:#2b2240;--p2:#7fcbe8;--p2-tint:#14303b;--p3:#f0b184;--p3-tint:#3a2618;--p4:#aab3be;--p4-tint:#262a30}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--text);font:13px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:24px 16px 48px;display:flex;flex-direction:column;gap:24px}
h1{margin:0;font-size:20px;line-height:1.3}
h2{margin:0 0 8px;font-size:14px}
section>*+h2{margin-top:16px}
section>p+table{margin-top:8px}
section>pre+p{margin-top:4px}
tbody th::first-letter{text-transform:uppercase}
p{margin:0}
a{color:var(--accent)}
header p{color:var(--muted)}
code,pre,td.mono,dd.mono{font:12.5px/1.6 ui-monospace,SFMono-Regular,Consolas,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
pre{margin:0;padding:12px;max-height:420px;overflow:auto;white-space:pre-wrap;background:var(--subtle);border:1px solid var(--border);border-radius:6px}
.verdict{padding:12px 16px;border-radius:6px;font-size:14px;overflow-wrap:anywhere}
.verdict b{text-transform:capitalize}
.valid{background:var(--good-tint);color:var(--good)}
.invalid{background:var(--bad-tint);color:var(--bad)}
.unchecked{background:var(--subtle)}
.unsigned,.weak{background:var(--trouble-tint);color:var(--trouble)}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th{padding:4px 8px;text-align:left;color:var(--muted);font-weight:600;font-size:12px;border-bottom:1px solid var(--border)}
td{padding:6px 8px;vertical-align:top;border-bottom:1px solid var(--border);overflow-wrap:anywhere}
tbody th{color:var(--text);font-size:13px;font-weight:550;vertical-align:top;padding:6px 8px;overflow-wrap:anywhere}
.w1{width:24%}.w2{width:38%}
[data-result]::before{font-weight:600;margin-right:6px}
[data-result=passed]::before{content:'✓ passed';color:var(--good)}
[data-result=failed]::before{content:'✕ failed';color:var(--bad)}
[data-result=skipped]::before{content:'– not judged';color:var(--muted)}
[data-result=differs]::before{content:'✕ differs';color:var(--bad)}
dl{display:grid;grid-template-columns:minmax(120px,24%) 1fr;gap:4px 8px;margin:0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
ul,ol{margin:0;padding-left:20px}
li+li{margin-top:8px}
.muted,.redacted{color:var(--muted)}
.badge{display:inline-block;padding:0 6px;border-radius:6px;font-size:12px}
.legend{display:flex;flex-wrap:wrap;gap:4px 8px;margin:0 0 8px;padding:0;list-style:none}
.legend li{margin:0}
[data-part]{border-radius:3px}
.legend [data-part]{padding:0 6px}
[data-part='1']{color:var(--p1);background:var(--p1-tint)}
[data-part='2']{color:var(--p2);background:var(--p2-tint)}
[data-part='3']{color:var(--p3);background:var(--p3-tint)}
[data-part='4']{color:var(--p4);background:var(--p4-tint)}
@media(max-width:600px){dl{grid-template-columns:1fr}dt{margin-top:4px}}
@media print{pre{max-height:none}}
`;
