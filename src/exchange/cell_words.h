/* exchange/cell_words.h — the words of tables in general, as lists. All without blanks, ASCII in
 * lower case; lists end with NULL. */
#ifndef XD_EXCHANGE_CELL_WORDS_H
#define XD_EXCHANGE_CELL_WORDS_H

extern const char *const xd_words_nothing[]; /* cells that say "no value" */
extern const char *const xd_words_ditto[];
extern const char *const xd_words_total[];
extern const char *const xd_words_note[];        /* at the start of a line of notes */
extern const char *const xd_words_opens_notes[]; /* … that goes on over the lines below */
extern const char *const xd_words_unit[];
extern const char *const xd_words_suffix[]; /* ends of names that do not tell two apart */
/* Folded (model/fold.h: no punctuation). */
extern const char *const xd_words_coordinates[]; /* the text speaks of coordinates */
typedef struct xd_crs_word {
    const char *word, *crs;
} xd_crs_word;
extern const xd_crs_word xd_crs_words[]; /* the more telling ones first */

#endif
