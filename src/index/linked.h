/* index/linked.h — words that a record has through the titles of records it links to.
 *
 * Only links that are searched (weight) and whose target's title is within reach. The title is
 * read where it is, at the time of the question, so nothing need be built again when it changes,
 * and a hidden record gives nothing away. */
#ifndef XD_INDEX_LINKED_H
#define XD_INDEX_LINKED_H

#include "index/search.h"

/* Adds to found, and to searched->labels for the rank, the documents within domain that link to
 * a record whose title has the word, as written or as it sounds. */
XD_MUST bool xd_linked_find(xd_look *look, size_t shard, const xd_type *type,
                            const xd_words *words, size_t word, const xd_bits *domain,
                            xd_searched *searched, xd_bits *found);

#endif
