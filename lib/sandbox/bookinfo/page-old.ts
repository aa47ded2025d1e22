/** The page as images up to 1.19 show it. */
import { book, documentOf, escapeHtml, type Review, session, stars, type View } from './page-parts.ts'

export function oldLook({ user, details, reviews }: View): string {
  return documentOf(
    'old',
    `<header class="bar">
<strong class="brand">BookInfo Sample</strong>
${session(user)}
</header>
<main>
<section class="title">
<h3 aria-level="1">${book.title}</h3>
<p>${book.descriptionHtml}</p>
</section>
<div class="columns">
<section>
${details ? detailsList(details) : failure('details')}
</section>
<section>
${reviews ? `<h4 aria-level="2">Book Reviews</h4>\n${reviews.reviews.map(reviewQuote).join('\n')}\n<dl class="served">\n<dt>Reviews served by:</dt>\n<u>${escapeHtml(reviews.podname)}</u>\n</dl>` : failure('reviews')}
</section>
</div>
</main>`,
  )
}

const rows = ['type', 'pages', 'publisher', 'language', 'ISBN-10', 'ISBN-13']

function detailsList(details: NonNullable<View['details']>): string {
  const label = (name: string) => (name.startsWith('ISBN') ? name : name.charAt(0).toUpperCase() + name.slice(1))
  const row = (name: string) => `<dt>${label(name)}:</dt><dd>${escapeHtml(details[name] ?? '')}</dd>`
  return `<h4 aria-level="2">Book Details</h4>\n<dl class="details">\n${rows.map(row).join('\n')}\n</dl>`
}

function failure(what: string): string {
  return `<div class="failure" role="alert">
<h4 aria-level="2">Error fetching product ${what}!</h4>
<p>Sorry, product ${what} are currently unavailable for this book.</p>
</div>`
}

function reviewQuote({ reviewer, text, rating }: Review): string {
  return `<blockquote>
<p>${escapeHtml(text)}</p>
<small>${escapeHtml(reviewer)}</small>
${rating ? ratingOf(rating) : ''}
</blockquote>`
}

function ratingOf(rating: NonNullable<Review['rating']>): string {
  if (rating.error !== undefined) return `<p class="unavailable"><i>${escapeHtml(rating.error)}</i></p>`
  const star = (name: string) => `<span class="glyphicon ${name}" aria-hidden="true"></span>`
  return `<span role="img" aria-label="${Number(rating.stars)} of 5 stars"><font color="${escapeHtml(rating.color)}">
${stars(rating.stars, star('glyphicon-star'), star('glyphicon-star-empty'))}
</font></span>`
}
