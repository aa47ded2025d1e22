/** The page as images from 1.20 on show it. */
import { book, documentOf, escapeHtml, type Review, session, stars, type View } from './page-parts.ts'

const star = (shape: string) =>
  `<svg viewBox="0 0 24 24" class="${shape}" aria-hidden="true"><path d="M12 2.5l2.9 6.2 6.6.8-4.9 4.6 1.3 6.7L12 17.5l-5.9 3.3 1.3-6.7L2.5 9.5l6.6-.8z"/></svg>`

export function newLook({ user, details, reviews }: View): string {
  return documentOf(
    'new',
    `<header class="bar">
<strong class="brand">BookInfo Sample</strong>
${session(user)}
</header>
<main>
<section class="title">
<h1>${book.title}</h1>
<p>${book.descriptionHtml}</p>
</section>
<section aria-labelledby="details-title">
${details ? detailsTable(details) : failure('details')}
</section>
<section aria-labelledby="reviews-title">
${reviews ? `<h2 id="reviews-title">Book Reviews</h2>\n<div class="reviews">\n${reviews.reviews.map((review) => reviewCard(review, reviews.podname)).join('\n')}\n</div>` : failure('reviews')}
</section>
</main>`,
  )
}

const columns = ['ISBN-10', 'publisher', 'pages', 'type', 'language']

function detailsTable(details: NonNullable<View['details']>): string {
  const label = (name: string) => (name.startsWith('ISBN') ? name : name.charAt(0).toUpperCase() + name.slice(1))
  return `<h2 id="details-title">Book Details</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="details-title">
<table>
<thead><tr>${columns.map((name) => `<th scope="col">${label(name)}</th>`).join('')}</tr></thead>
<tbody><tr>${columns.map((name) => `<td>${escapeHtml(details[name] ?? '')}</td>`).join('')}</tr></tbody>
</table>
</div>`
}

function failure(what: string): string {
  return `<div class="failure" role="alert">
<h2 id="${what}-title" class="text-red-500">Error fetching product ${what}!</h2>
<p>Sorry, product ${what} are currently unavailable for this book.</p>
</div>`
}

function reviewCard({ reviewer, text, rating }: Review, podname: string): string {
  return `<article class="card">
${rating ? ratingOf(rating) : ''}
<blockquote>“${escapeHtml(text)}”</blockquote>
<p class="reviewer">${escapeHtml(reviewer)}</p>
<p class="served">Reviews served by: ${escapeHtml(podname)}</p>
</article>`
}

function ratingOf(rating: NonNullable<Review['rating']>): string {
  if (rating.error !== undefined) return `<p class="unavailable text-red-500">${escapeHtml(rating.error)}</p>`
  const colour = rating.color === 'red' ? 'red' : 'black'
  return `<div class="stars text-${colour}-500" role="img" aria-label="${Number(rating.stars)} of 5 stars">${stars(rating.stars, star('full'), star('empty'))}</div>`
}
