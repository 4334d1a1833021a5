# SPDX-License-Identifier: BSD-2-Clause
#
# The targets tests, examples and fuzzers; a part of CMakeLists.txt, which
# includes it, so paths are those of the root.

add_custom_target(tests)
if(PKG_CONFIG_FOUND)
    pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
endif()
# Have a program of tests or examples, if the libraries of others that it
# needs are there; else the build of these says what is missing.
function(add_if_possible group name source)
    foreach(module ${ARGN})
        if(PKG_CONFIG_FOUND)
            pkg_check_modules(POND_${module} QUIET IMPORTED_TARGET
                ${module})
        endif()
        if(NOT POND_${module}_FOUND)
            add_custom_target(${name} COMMAND ${CMAKE_COMMAND} -E echo
                "${source} is left out: ${module} was not found."
                VERBATIM)
            add_dependencies(${group} ${name})
            return()
        endif()
    endforeach()
    add_executable(${name} EXCLUDE_FROM_ALL ${source})
    list(TRANSFORM ARGN PREPEND PkgConfig::POND_)
    target_link_libraries(${name} PRIVATE ${ARGN})
    add_dependencies(${group} ${name})
endfunction()
# Tests may look into the library: its inner names and headers.
add_library(pond_whole STATIC EXCLUDE_FROM_ALL
    $<TARGET_OBJECTS:pond_objects>)
target_include_directories(pond_whole INTERFACE include src)
set_target_properties(pond_whole PROPERTIES LINKER_LANGUAGE C
    ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
file(GLOB test_support CONFIGURE_DEPENDS tests/support/*.c)
# A shared object of somebody's that a test loads and unloads.
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/support/dlmodule.c)
    list(FILTER test_support EXCLUDE REGEX "/dlmodule\\.c$")
    add_library(dlmodule MODULE EXCLUDE_FROM_ALL
        tests/support/dlmodule.c)
    target_link_libraries(dlmodule PRIVATE pond_shared pond_flags)
    set_target_properties(dlmodule PROPERTIES PREFIX ""
        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_dependencies(tests dlmodule)
endif()
file(GLOB test_sources CONFIGURE_DEPENDS tests/test_*.c)
if(NOT CMOCKA_FOUND)
    set(test_sources)
elseif(test_support)
    add_library(pond_test_support STATIC EXCLUDE_FROM_ALL
        ${test_support})
    target_include_directories(pond_test_support PUBLIC tests/support)
    target_link_libraries(pond_test_support PUBLIC
        pond_whole pond_flags PkgConfig::CMOCKA Threads::Threads)
    set_target_properties(pond_test_support PROPERTIES
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    set(test_support pond_test_support)
endif()
foreach(source ${test_sources})
    # tests/oom/*.c, if there are any, belong to tests/test_oom.c.
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "^test_" "" topic ${name})
    file(GLOB topic_sources CONFIGURE_DEPENDS tests/${topic}/*.c)
    if(topic STREQUAL exhaustive)
        file(GLOB models CONFIGURE_DEPENDS
            tests/model/*.c tests/pools/*.c)
        list(APPEND topic_sources ${models})
    endif()
    set(modules)
    if(name STREQUAL test_adapters)
        set(modules lua5.4 zlib libnghttp2)
    endif()
    add_if_possible(tests ${name} tests/${name}.c ${modules})
    get_target_property(kind ${name} TYPE)
    if(NOT kind STREQUAL EXECUTABLE)
        continue()
    endif()
    target_sources(${name} PRIVATE ${topic_sources})
    target_include_directories(${name} PRIVATE tests)
    target_link_libraries(${name} PRIVATE
        ${test_support} pond_whole pond_flags PkgConfig::CMOCKA
        Threads::Threads)
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    # tests/support/faults.c then lets malloc and its kin fail, too.
    if(name STREQUAL test_oom)
        foreach(call mmap mmap64 mremap munmap mprotect madvise malloc
                calloc realloc posix_memalign aligned_alloc getrandom
                pthread_key_create pthread_setspecific pthread_atfork)
            target_link_options(${name} PRIVATE -Wl,--wrap=${call})
        endforeach()
    endif()
endforeach()

# Not a test: it goes on as long as it is told.
if(CMOCKA_FOUND)
    file(GLOB soak_sources CONFIGURE_DEPENDS
        tests/soak/*.c tests/model/*.c tests/pools/*.c)
    add_executable(soak EXCLUDE_FROM_ALL ${soak_sources})
    target_include_directories(soak PRIVATE tests)
    target_link_libraries(soak PRIVATE
        ${test_support} pond_whole pond_flags Threads::Threads)
    set_target_properties(soak PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_dependencies(tests soak)
endif()

# The server whose system calls and ponds tests/server/faulty.c lets fail.
if(TARGET pondserve)
    add_executable(pondserve_faults EXCLUDE_FROM_ALL
        ${pondserve_sources} tests/server/faulty.c)
    target_include_directories(pondserve_faults PRIVATE
        server tests/server)
    target_compile_options(pondserve_faults PRIVATE
        -D_GNU_SOURCE=1 -include faulty.h)
    set_source_files_properties(tests/server/faulty.c PROPERTIES
        COMPILE_DEFINITIONS FAULTY_INNER=1)
    target_link_libraries(pondserve_faults PRIVATE
        pond_static pond_flags pond_llhttp
        PkgConfig::INIH PkgConfig::ZLIB)
    set_target_properties(pondserve_faults PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    foreach(call mmap munmap mremap madvise open openat syscall fstat
            pread read write fopen realpath accept4 recv send sendmsg
            sendfile shutdown socket bind listen getaddrinfo signalfd poll
            epoll_create1 epoll_ctl epoll_wait clock_gettime malloc calloc
            posix_memalign)
        target_link_options(pondserve_faults PRIVATE -Wl,--wrap=${call})
    endforeach()
endif()

# Fuzzers of libFuzzer's. What is under test, and only that, is watched for
# coverage and undefined behaviour.
if(POND_FUZZ AND CMOCKA_FOUND)
    set(watch -fsanitize=fuzzer-no-link,undefined
        -fno-sanitize-recover=all)
    target_compile_options(pond_objects PRIVATE ${watch})
    add_custom_target(fuzzers)
    if(TARGET pondserve)
        list(FILTER pondserve_sources EXCLUDE REGEX "/main\\.c$")
        add_library(pondserve_watched STATIC EXCLUDE_FROM_ALL
            ${pondserve_sources})
        target_compile_options(pondserve_watched PRIVATE ${watch})
        target_include_directories(pondserve_watched PUBLIC server)
        target_link_libraries(pondserve_watched PUBLIC
            pond_whole pond_flags pond_llhttp
            PkgConfig::INIH PkgConfig::ZLIB)
        set_target_properties(pondserve_watched PROPERTIES
            ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
    endif()
    file(GLOB fuzzer_sources CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
    foreach(source ${fuzzer_sources})
        get_filename_component(name ${source} NAME_WE)
        string(REGEX REPLACE "^fuzz_" "" topic ${name})
        set(topic_sources)
        set(topic_library)
        if(topic MATCHES "^(request|field|config)$")
            if(NOT TARGET pondserve)
                continue()
            endif()
            set(topic_library pondserve_watched)
        elseif(topic STREQUAL region)
            file(GLOB topic_sources CONFIGURE_DEPENDS tests/model/*.c)
        elseif(topic MATCHES "^(fixed|heap)$")
            file(GLOB topic_sources CONFIGURE_DEPENDS tests/pools/*.c)
        endif()
        add_executable(${name} EXCLUDE_FROM_ALL
            ${source} tests/fuzz/fuzz.c ${topic_sources})
        target_include_directories(${name} PRIVATE tests tests/fuzz)
        target_link_libraries(${name} PRIVATE
            ${topic_library} ${test_support} pond_whole pond_flags
            Threads::Threads)
        target_link_options(${name} PRIVATE
            -fsanitize=fuzzer,undefined)
        set_target_properties(${name} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
        add_dependencies(fuzzers ${name})
    endforeach()
endif()

# Which libraries an example needs is told by the line in its head that
# says how to compile it.
add_custom_target(examples)
file(GLOB example_sources CONFIGURE_DEPENDS examples/*.c)
set_property(DIRECTORY APPEND PROPERTY
    CMAKE_CONFIGURE_DEPENDS ${example_sources})
foreach(source ${example_sources})
    get_filename_component(name ${source} NAME_WE)
    file(STRINGS ${source} line REGEX "pkg-config --cflags --libs pond")
    string(REGEX REPLACE ".*--libs pond *([^)]*)\\).*" "\\1" modules
        "${line}")
    separate_arguments(modules)
    add_if_possible(examples example_${name} examples/${name}.c ${modules})
    get_target_property(kind example_${name} TYPE)
    if(NOT kind STREQUAL EXECUTABLE)
        continue()
    endif()
    target_link_libraries(example_${name} PRIVATE
        pond_static pond_flags Threads::Threads)
    set_target_properties(example_${name} PROPERTIES OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endforeach()
