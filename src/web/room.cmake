# Templates and words into C, by tools/tmpl.
file(GLOB xd_templates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/web/templates/*.html)
set(xd_templates_made ${XD_GEN}/templates.h ${XD_GEN}/templates.c ${XD_GEN}/words_gen.h
    ${XD_GEN}/words_gen.c)
add_custom_command(
    OUTPUT ${xd_templates_made}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tmpl ${XD_GEN}
            ${CMAKE_SOURCE_DIR}/src/web/words.txt ${xd_templates}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/tmpl ${CMAKE_SOURCE_DIR}/src/web/words.txt ${xd_templates}
    COMMENT "Compiling page templates")
list(APPEND XD_GEN_SOURCES ${xd_templates_made})
