/* Runs a fuzz target over the files of its corpus: fuzz/corpus/<target>/, or the paths given.
 * Prints `N passed, N failed`; a crash ends it, which is the failure. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_file(const char *path, int *count)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return;
    }
    size_t cap = 1 << 20;
    uint8_t *bytes = malloc(cap);
    size_t n = bytes == NULL ? 0 : fread(bytes, 1, cap, file);
    (void)fclose(file); /* read only: nothing to lose */
    /* Exactly sized, so that reading one byte too far is seen. */
    uint8_t *exact = malloc(n == 0 ? 1 : n);
    if (exact != NULL && bytes != NULL) {
        memcpy(exact, bytes, n);
        (void)LLVMFuzzerTestOneInput(exact, n);
        *count += 1;
    }
    free(exact);
    free(bytes);
}

int main(int argc, char **argv)
{
    int count = 0;
    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            run_file(argv[i], &count);
        }
    } else {
        const char *stem = strrchr(argv[0], '/');
        char folder[512];
        (void)snprintf(folder, sizeof folder, XD_SOURCE "/fuzz/corpus/%s",
                       stem == NULL ? argv[0] : stem + 1);
        DIR *dir = opendir(folder);
        for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
            char path[1024];
            if (e->d_name[0] != '.' &&
                snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < (int)sizeof path) {
                run_file(path, &count);
            }
        }
        if (dir != NULL) {
            (void)closedir(dir);
        }
    }
    printf("%d passed, %d failed\n", count > 0 ? 1 : 0, count > 0 ? 0 : 1);
    return count > 0 ? 0 : 1;
}
