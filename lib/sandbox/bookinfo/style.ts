/** The page's style sheet, for both looks. Fonts are the reader's own. */
export const style = `
:root { --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #fff; --wash: #f4f6f9; --accent: #2563a8; --bad: #b3261e }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: var(--paper); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance }
a { color: inherit }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px }

.bar { display: flex; justify-content: space-between; align-items: center; gap: .4rem 1rem; flex-wrap: wrap; min-height: 60px; padding: .6rem clamp(1rem, 4vw, 3rem); color: #fff; background: #1f2933 }
.brand { font-size: 1.15rem; letter-spacing: .01em; white-space: nowrap }
.user { margin: 0; display: flex; align-items: center; gap: .55rem; min-width: 0; overflow-wrap: anywhere }
.button { font: inherit; font-weight: 600; color: #fff; background: var(--accent); border: 1px solid transparent; border-radius: 6px; padding: .4rem 1.1rem; cursor: pointer }
.button:hover { background: #1c4f88 }
.button.quiet { color: var(--ink); background: transparent; border-color: #aab3bf }
.button.quiet:hover { background: var(--wash) }

.modal { width: min(24rem, calc(100vw - 2rem)); margin: 15vh auto auto; padding: 1.6rem; color: var(--ink); background: var(--paper); border: 0; border-radius: 12px; box-shadow: 0 20px 60px rgb(0 0 0 / .35) }
.modal::backdrop { background: rgb(15 23 33 / .55) }
.modal h2 { margin: 0 0 1rem; font-size: 1.3rem }
.modal label { display: block; margin-top: .8rem; font-weight: 600; font-size: .93rem }
.field { width: 100%; margin-top: .25rem; padding: .55rem .7rem; font: inherit; color: inherit; background: #fff; border: 1px solid #8a94a3; border-radius: 6px }
.hint { margin: .4rem 0 0; color: var(--soft); font-size: .88rem }
.actions { display: flex; justify-content: flex-end; gap: .6rem; margin-top: 1.4rem }

main { max-width: 1080px; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2rem) 4rem }
.failure { padding: 1rem 1.3rem; border-left: 5px solid var(--bad); background: #fdf1f0; border-radius: 6px }
.failure h2, .failure h4 { margin: 0; color: var(--bad) }
.failure p { margin: .3rem 0 0 }
blockquote { margin: 0 }

.old .title { text-align: center; margin: 0 calc(50% - 50vw); padding: 2.6rem clamp(1rem, 6vw, 4rem) 2.2rem; background: var(--wash); border-bottom: 1px solid var(--line) }
.old .title h3 { margin: 0; font-size: clamp(1.7rem, 4vw, 2.4rem); color: var(--accent) }
.old .title p { max-width: 46rem; margin: .7rem auto 0; color: var(--soft) }
.old .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 2.5rem 4rem; margin-top: 2.2rem }
.old h4 { margin: 0 0 1.1rem; font-size: 1.25rem; color: var(--accent) }
.old .failure h4 { color: var(--bad) }
.old .details { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .45rem 1.5rem }
.old dt { font-weight: 700 }
.old dd { margin: 0 }
.old blockquote { padding: .15rem 0 .15rem 1.2rem; margin-bottom: 1.6rem; border-left: 5px solid var(--line) }
.old blockquote p { margin: 0; font-size: 1.1rem }
.old blockquote small { display: block; margin-top: .2rem; color: var(--soft) }
.old blockquote small::before { content: "\\2014\\00A0" }
.old .served { margin: 2rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere }
.old .unavailable { color: var(--bad) }
.glyphicon { display: inline-block; width: 1.1em; margin-top: .35rem; line-height: 1; font-size: 1.35rem }
.glyphicon-star::before { content: "\\2605" }
.glyphicon-star-empty::before { content: "\\2606" }

.new { background: var(--wash) }
.new .bar { background: var(--paper); color: var(--ink); border-bottom: 1px solid var(--line) }
.new .brand::before { content: ""; display: inline-block; width: .75rem; height: 1.05rem; margin-right: .6rem; vertical-align: -2px; border-radius: 2px 4px 4px 2px; background: linear-gradient(90deg, #17406f 22%, var(--accent) 22%) }
.initial { display: inline-grid; place-items: center; width: 1.9rem; height: 1.9rem; border-radius: 50%; color: #fff; background: var(--accent); font-weight: 700; font-size: .9rem }
.new .title { padding: 3rem 0 1rem }
.new h1 { margin: 0; font-size: clamp(2rem, 5vw, 3rem); letter-spacing: -.02em }
.new .title p { max-width: 46rem; margin: .7rem 0 0; color: var(--soft); font-size: 1.1rem }
.new h2 { margin: 2.2rem 0 1rem; font-size: 1.35rem }
.new .failure { margin-top: 2.2rem }
.new .failure h2 { margin: 0 }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--paper) }
table { width: 100%; border-collapse: collapse; text-align: left }
th { padding: .7rem 1.1rem; font-size: .8rem; font-weight: 600; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); border-bottom: 1px solid var(--line) }
td { padding: .9rem 1.1rem }
@media (max-width: 40rem) {
  .bar { padding-inline: 1rem }
  .brand { font-size: 1rem }
  .user { gap: .4rem; font-size: .92rem }
  .scroll table { display: flex }
  .scroll tr { display: flex; flex-direction: column; padding: .5rem 0 }
  .scroll th, .scroll td { min-height: 2.3rem; padding: .3rem 1.1rem; border: 0; line-height: 1.7rem }
}
.reviews { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.4rem }
.card { display: flex; flex-direction: column; gap: .8rem; padding: 1.6rem; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 2px 8px rgb(28 36 48 / .05) }
.card p { margin: 0 }
.card blockquote { font-size: 1.12rem; flex: 1 }
.reviewer { font-weight: 600 }
.new .served { padding-top: .8rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .87rem; overflow-wrap: anywhere }
.stars { display: flex; gap: .2rem }
.stars svg { width: 1.5rem; height: 1.5rem; fill: currentcolor; stroke: currentcolor; stroke-width: 1.6; stroke-linejoin: round }
.stars .empty { fill: none }
.text-black-500 { color: #11161d }
.text-red-500 { color: #d12c22 }
`
