/* Flows and rights. */
#include "model/bind.h"

typedef struct draft_flow {
    xd_flow flow;
    XD_VEC(xd_state) states;
    XD_VEC(xd_move) moves;
} draft_flow;

static void bind_states(xd_bind *b, const xd_node *node, void *target)
{
    draft_flow *draft = target;
    static const xd_bind_key keys[] = {
        {"state",  XD_WANT_NAME,  true,  offsetof(xd_state, name),      0, NULL},
        {"label",  XD_WANT_LABEL, true,  offsetof(xd_state, label),     0, NULL},
        {"was",    XD_WANT_TEXTS, false, offsetof(xd_state, was),       0, NULL},
        {"public", XD_WANT_BOOL,  false, offsetof(xd_state, is_public), 0, NULL},
        {"sample", XD_WANT_BOOL,  false, offsetof(xd_state, sample),    0, NULL},
        {"closed", XD_WANT_BOOL,  false, offsetof(xd_state, closed),    0, NULL},
    };
    for (size_t i = 0; i < node->items.n; i++) {
        xd_state state = {0};
        const xd_node *item = node->items.at[i];
        if (!xd_bind_map(b, item, keys, XD_LEN(keys), -1, &state) || state.name.n == 0) {
            continue;
        }
        if (state.closed && state.is_public) {
            XD_FAULT(b, item, state.name, "状态“" XD_FMT "”不能既结束又公开",
                     "the state \"" XD_FMT "\" cannot be closed and public",
                     XD_ARG(state.name));
        }
        for (size_t k = 0; k < draft->states.n; k++) {
            if (xd_str_eq(draft->states.at[k].name, state.name)) {
                XD_FAULT(b, item, state.name, "状态“" XD_FMT "”写了两次",
                         "the state \"" XD_FMT "\" stands here twice", XD_ARG(state.name));
            }
        }
        *xd_push(b->arena, &draft->states) = state;
    }
    if (draft->states.n == 0) {
        xd_bind_fault(b, node, XD_S("states"), XD_S("至少要有一个状态"),
                      XD_S("a flow needs at least one state"));
    }
}

static void bind_moves(xd_bind *b, const xd_node *node, void *target)
{
    draft_flow *draft = target;
    static const xd_bind_key keys[] = {
        {"move",  XD_WANT_NAME,  true, offsetof(xd_move, name),  0, NULL},
        {"label", XD_WANT_LABEL, true, offsetof(xd_move, label), 0, NULL},
        {"from",  XD_WANT_TEXTS, true, offsetof(xd_move, from),  0, NULL},
        {"to",    XD_WANT_TEXT,  true, offsetof(xd_move, to),    0, NULL},
    };
    for (size_t i = 0; i < node->items.n; i++) {
        xd_move move = {0};
        if (xd_bind_map(b, node->items.at[i], keys, XD_LEN(keys), -1, &move) &&
            move.name.n > 0) {
            *xd_push(b->arena, &draft->moves) = move;
        }
    }
}

const xd_state *xd_state_find(const xd_flow *flow, xd_str name)
{
    for (size_t i = 0; i < flow->n_states; i++) {
        if (xd_str_eq(flow->states[i].name, name)) {
            return &flow->states[i];
        }
    }
    for (size_t i = 0; i < flow->n_states; i++) {
        for (size_t k = 0; k < flow->states[i].was.n; k++) {
            if (xd_str_eq(flow->states[i].was.at[k], name)) {
                return &flow->states[i];
            }
        }
    }
    return NULL;
}

static void check_state(xd_bind *b, const xd_node *root, const xd_flow *flow, xd_str name)
{
    if (name.n > 0 && xd_state_find(flow, name) == NULL) {
        XD_FAULT(b, root, name, "没有名为“" XD_FMT "”的状态",
                 "there is no state \"" XD_FMT "\"", XD_ARG(name));
    }
}

static bool can_leave(const xd_flow *flow, xd_str state)
{
    for (size_t i = 0; i < flow->n_moves; i++) {
        for (size_t k = 0; k < flow->moves[i].from.n; k++) {
            if (xd_str_eq(flow->moves[i].from.at[k], state)) {
                return true;
            }
        }
    }
    return false;
}

static void check_flow(xd_bind *b, const xd_node *root, const xd_flow *flow)
{
    for (size_t i = 0; i < flow->n_moves; i++) {
        check_state(b, root, flow, flow->moves[i].to);
        for (size_t k = 0; k < flow->moves[i].from.n; k++) {
            check_state(b, root, flow, flow->moves[i].from.at[k]);
        }
    }
    for (size_t i = 0; i < flow->n_states; i++) {
        if (!b->kept && !flow->states[i].closed && !can_leave(flow, flow->states[i].name)) {
            XD_FAULT(b, root, flow->states[i].name,
                     "状态“" XD_FMT "”进得去出不来：给它一步，或标 closed: true",
                     "the state \"" XD_FMT "\" cannot be left: give it a move, or closed: true",
                     XD_ARG(flow->states[i].name));
        }
    }
}

void xd_bind_flow(xd_bind *b, const xd_node *root)
{
    static const xd_bind_key keys[] = {
        {"flow",       XD_WANT_NAME, true,    offsetof(draft_flow,   flow.name),          0,           NULL},
        {"label",            XD_WANT_LABEL,                  true, offsetof(draft_flow, flow.label), 0, NULL},
        {"states",        XD_WANT_OWN,                    true,                    0,                       0,                   bind_states         },
        {"moves", XD_WANT_OWN,             false,              0,                        0,        bind_moves},
    };
    draft_flow draft = {0};
    if (!xd_bind_map(b, root, keys, XD_LEN(keys), -1, &draft) || draft.flow.name.n == 0) {
        return;
    }
    xd_flow *flow = xd_new(b->arena, xd_flow);
    *flow = draft.flow;
    flow->states = draft.states.at;
    flow->n_states = draft.states.n;
    flow->moves = draft.moves.at;
    flow->n_moves = draft.moves.n;
    check_flow(b, root, flow);
    for (size_t i = 0; i < b->model->flows.n; i++) {
        if (xd_str_eq(b->model->flows.at[i]->name, flow->name)) {
            XD_FAULT(b, root, flow->name, "流程“" XD_FMT "”写了两次",
                     "the flow \"" XD_FMT "\" is written twice", XD_ARG(flow->name));
            return;
        }
    }
    *xd_push(b->arena, &b->model->flows) = flow;
}

/* ---- rights ------------------------------------------------------------------------------- */

typedef struct draft_rule {
    xd_str role, region, relation;
    xd_strs verbs, types, states, fields;
} draft_rule;

static void bind_roles(xd_bind *b, const xd_node *node)
{
    static const xd_bind_key keys[] = {
        {"role",  XD_WANT_NAME,  true, offsetof(xd_role, name),  0, NULL},
        {"label", XD_WANT_LABEL, true, offsetof(xd_role, label), 0, NULL},
    };
    for (size_t i = 0; i < node->items.n; i++) {
        xd_role role = {0};
        if (xd_bind_map(b, node->items.at[i], keys, XD_LEN(keys), -1, &role) &&
            role.name.n > 0) {
            *xd_push(b->arena, &b->model->roles) = role;
        }
    }
}

static void check_words(xd_bind *b, const xd_node *node, const xd_strs *given, const char *key,
                        const char *const *known)
{
    for (size_t i = 0; i < given->n; i++) {
        bool found = false;
        for (const char *const *word = known; *word != NULL; word++) {
            found = found || xd_str_eq(given->at[i], xd_str_of(*word));
        }
        if (!found) {
            XD_FAULT(b, node, xd_str_of(key), "不认识“" XD_FMT "”", "\"" XD_FMT "\" is unknown",
                     XD_ARG(given->at[i]));
        }
    }
}

static void bind_rules(xd_bind *b, const xd_node *node)
{
    static const char *const verbs[] = {"read",   "create", "edit",  "move", "check",
                                        "export", "import", "erase", "own",  NULL};
    static const xd_bind_key keys[] = {
        {"role",     XD_WANT_TEXT,  true,  offsetof(draft_rule, role),     0, NULL},
        {"verbs",    XD_WANT_TEXTS, true,  offsetof(draft_rule, verbs),    0, NULL},
        {"types",    XD_WANT_TEXTS, false, offsetof(draft_rule, types),    0, NULL},
        {"states",   XD_WANT_TEXTS, false, offsetof(draft_rule, states),   0, NULL},
        {"fields",   XD_WANT_TEXTS, false, offsetof(draft_rule, fields),   0, NULL},
        {"region",   XD_WANT_TEXT,  false, offsetof(draft_rule, region),   0, NULL},
        {"relation", XD_WANT_TEXT,  false, offsetof(draft_rule, relation), 0, NULL},
    };
    for (size_t i = 0; i < node->items.n; i++) {
        draft_rule rule = {0};
        const xd_node *item = node->items.at[i];
        if (!xd_bind_map(b, item, keys, XD_LEN(keys), -1, &rule)) {
            continue;
        }
        check_words(b, item, &rule.verbs, "verbs", verbs);
        bool known = rule.role.n == 0;
        for (size_t k = 0; k < b->model->roles.n; k++) {
            known = known || xd_str_eq(b->model->roles.at[k].name, rule.role);
        }
        if (!known) {
            XD_FAULT(b, item, XD_S("role"), "没有名为“" XD_FMT "”的角色",
                     "there is no role \"" XD_FMT "\"", XD_ARG(rule.role));
        }
    }
}

void xd_bind_rights(xd_bind *b, const xd_node *root)
{
    /* Roles first, wherever the file has them: rules speak of them. */
    static const xd_bind_key keys[] = {
        {"roles", XD_WANT_NODE, true, 0,              0, NULL},
        {"rules", XD_WANT_NODE, true, sizeof(void *), 0, NULL},
    };
    struct {
        const xd_node *roles, *rules;
    } rights = {0};
    if (!xd_bind_map(b, root, keys, XD_LEN(keys), -1, &rights)) {
        return;
    }
    if (rights.roles != NULL) {
        bind_roles(b, rights.roles);
    }
    if (rights.rules != NULL) {
        bind_rules(b, rights.rules);
    }
}
