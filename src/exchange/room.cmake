# read_gdal.c brings the GIS formats and XLS; without it their rows of the format table are empty.
if(EXISTS ${CMAKE_SOURCE_DIR}/src/exchange/read_gdal.c)
    add_compile_definitions(XD_HAS_GDAL)
endif()
