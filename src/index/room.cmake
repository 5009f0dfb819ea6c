# Letters without case and accents, for CASEI and ACCENTI.
add_custom_command(OUTPUT ${XD_GEN}/letter_table.c
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/letter-table ${XD_GEN}/letter_table.c
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/letter-table
    VERBATIM)
list(APPEND XD_GEN_SOURCES ${XD_GEN}/letter_table.c)
