# The table of Han readings, from Debian's unicode-data and our list of names.
set(XD_UNICODE /usr/share/unicode CACHE PATH "folder with Unihan_Readings.txt and Unihan_Variants.txt, plain or .bz2")
file(GLOB xd_unihan ${XD_UNICODE}/Unihan_Readings.txt* ${XD_UNICODE}/Unihan_Variants.txt*)
if(NOT xd_unihan)
    message(FATAL_ERROR "No Unihan files in ${XD_UNICODE}: install Debian's unicode-data, or set XD_UNICODE")
endif()
add_custom_command(OUTPUT ${XD_GEN}/han_table.c
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/pinyin-table ${XD_UNICODE}
            ${CMAKE_SOURCE_DIR}/data/pinyin.txt ${XD_GEN}/han_table.c
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/pinyin-table ${CMAKE_SOURCE_DIR}/data/pinyin.txt ${xd_unihan}
    VERBATIM)
list(APPEND XD_GEN_SOURCES ${XD_GEN}/han_table.c)
