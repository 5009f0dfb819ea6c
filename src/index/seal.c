#include "index/seal.h"

static uint64_t rotate(uint64_t v, unsigned by)
{
    return v << by | v >> (64 - by);
}

static void rounds(uint64_t v[4], int n)
{
    while (n-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* Up to 8 bytes, least significant first. */
static uint64_t word_of(const char *p, size_t n)
{
    uint64_t w = 0;
    for (size_t i = 0; i < n; i++)
        w |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return w;
}

uint64_t xd_siphash(const uint64_t key[2], xd_str bytes)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                     key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    size_t i = 0;
    for (; i + 8 <= bytes.n; i += 8) {
        uint64_t m = word_of(bytes.p + i, 8);
        v[3] ^= m;
        rounds(v, 2);
        v[0] ^= m;
    }
    uint64_t m = (uint64_t)bytes.n << 56;
    if (i < bytes.n)
        m |= word_of(bytes.p + i, bytes.n - i);
    v[3] ^= m;
    rounds(v, 2);
    v[0] ^= m;
    v[2] ^= 0xff;
    rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static xd_str encode(xd_arena *arena, xd_str bytes)
{
    char *out = xd_arena_take(arena, bytes.n / 3 * 4 + 5);
    size_t n = 0;
    uint32_t hold = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        hold = hold << 8 | (unsigned char)bytes.p[i];
        for (bits += 8; bits >= 6; bits -= 6)
            out[n++] = alphabet[hold >> (bits - 6) & 63];
    }
    if (bits > 0)
        out[n++] = alphabet[hold << (6 - bits) & 63];
    return (xd_str){out, n};
}

static bool decode(xd_arena *arena, xd_str text, xd_str *ret_bytes)
{
    char *out = xd_arena_take(arena, text.n / 4 * 3 + 3);
    size_t n = 0;
    uint32_t hold = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = memchr(alphabet, text.p[i], 64);
        if (at == NULL)
            return false;
        hold = hold << 6 | (uint32_t)(at - alphabet);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(hold >> bits & 255);
        }
    }
    *ret_bytes = (xd_str){out, n};
    return true;
}

static uint64_t tag_of(xd_arena *arena, const uint64_t key[2], uint64_t question, xd_str bytes)
{
    xd_buf all = {0};
    xd_buf_u64be(&all, question);
    xd_buf_add(&all, bytes);
    uint64_t tag = xd_siphash(key, xd_buf_copy(&all, arena));
    xd_buf_free(&all);
    return tag;
}

xd_str xd_seal(xd_arena *arena, const uint64_t key[2], uint64_t question, xd_str bytes)
{
    xd_buf all = {0};
    xd_buf_u64be(&all, tag_of(arena, key, question, bytes));
    xd_buf_add(&all, bytes);
    xd_str sealed = encode(arena, xd_buf_str(&all));
    xd_buf_free(&all);
    return sealed;
}

bool xd_unseal(xd_arena *arena, const uint64_t key[2], uint64_t question, xd_str sealed,
               xd_str *ret_bytes)
{
    xd_str all;
    if (!decode(arena, sealed, &all) || all.n < 8 ||
        !xd_str_eq(encode(arena, all), sealed)) /* one spelling each */
        return false;
    xd_str bytes = xd_str_sub(all, 8, all.n);
    uint64_t tag = 0;
    for (size_t i = 0; i < 8; i++)
        tag = tag << 8 | (unsigned char)all.p[i];
    if (tag != tag_of(arena, key, question, bytes))
        return false;
    *ret_bytes = bytes;
    return true;
}
