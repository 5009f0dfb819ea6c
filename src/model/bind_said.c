/* headers.yaml: words of table headers that say the same, and words that say little. */
#include "model/bind.h"
#include "model/fold.h"

static void fold_all(xd_bind *b, xd_strs *words)
{
    for (size_t i = 0; i < words->n; i++) {
        words->at[i] = xd_fold_key(b->arena, words->at[i]);
    }
}

void xd_bind_said(xd_bind *b, const xd_node *root)
{
    static const xd_bind_key keys[] = {
        {"same",    XD_WANT_NODE,  false, 0,              0, NULL},
        {"filling", XD_WANT_TEXTS, false, sizeof(void *), 0, NULL},
    };
    struct {
        const xd_node *same;
        xd_strs filling;
    } said = {0};
    if (!xd_bind_map(b, root, keys, XD_LEN(keys), -1, &said)) {
        return;
    }
    if (said.same != NULL && said.same->kind != XD_NODE_LIST) {
        xd_bind_fault(b, said.same, XD_S("same"), XD_S("same 是一个列表，每项又是一组词"),
                      XD_S("same is a list of lists of words"));
        return;
    }
    for (size_t i = 0; said.same != NULL && i < said.same->items.n; i++) {
        xd_strs *group = xd_push(b->arena, &b->model->said.same);
        *group = (xd_strs){0};
        xd_bind_texts(b, said.same->items.at[i], XD_S("same"), group);
        fold_all(b, group);
    }
    b->model->said.filling = said.filling;
    fold_all(b, &b->model->said.filling);
}
