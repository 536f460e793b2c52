# Link flags of the wasm modules and of the tests in node.

# FILESYSTEM=0: bytes come in messages. DYNAMIC_EXECUTION=0: no eval, for a strict Content-Security-Policy.
# The oldest browsers with SIMD; newer minimums let emcc leave fallbacks out.
set(ATELIER_MODULE_LINK
  -sMODULARIZE -sEXPORT_ES6 -sDYNAMIC_EXECUTION=0 -sFILESYSTEM=0 -sMALLOC=emmalloc -sSTACK_SIZE=512KB -sWASM_BIGINT
  -sMIN_CHROME_VERSION=91 -sMIN_FIREFOX_VERSION=89 -sMIN_SAFARI_VERSION=160400
  -sEXPORTED_FUNCTIONS=_malloc,_free -sEXPORTED_RUNTIME_METHODS=HEAPU8,UTF8ToString,stringToUTF8,lengthBytesUTF8)

# Two threads of views on a growing shared memory would be re-checked at every access from JavaScript, so the threaded
# module has a fixed memory: 55 MB of images, W4's activations and the optimizer's state fit well. It is all that a
# browser counts of the page but some 10 MB, and stays below 250 MB together with them.
# The pool must exist before the worker blocks: the page passes its size, threads - 1, as Module.poolSize.
# "web" for its form of the glue alone: without it emcc writes an import that only node can resolve.
set(ATELIER_TRAINER_LINK ${ATELIER_MODULE_LINK} -sENVIRONMENT=web,worker,node)
if(ATELIER_THREADS)
  list(APPEND ATELIER_TRAINER_LINK -sINITIAL_MEMORY=224MB
       "SHELL:-sPTHREAD_POOL_SIZE=Module.poolSize||0" -sPTHREAD_POOL_SIZE_STRICT=2)
else()
  list(APPEND ATELIER_TRAINER_LINK -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sMAXIMUM_MEMORY=1GB)
endif()

set(ATELIER_UI_LINK ${ATELIER_MODULE_LINK} -sENVIRONMENT=web -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB
  -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2)

# Node programs: the tests read fixtures from the real file system; -O1 because wasm-opt's later passes take longer
# than the tests. main() runs in a thread of its own where there are threads, so that it may block.
set(ATELIER_NODE_LINK -O1 -sENVIRONMENT=node -sEXIT_RUNTIME=1 -sSTACK_SIZE=1MB -sNODERAWFS=1
  -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sWASM_BIGINT)
if(ATELIER_THREADS)
  list(APPEND ATELIER_NODE_LINK -sPROXY_TO_PTHREAD -sPTHREAD_POOL_SIZE=4 -sDEFAULT_PTHREAD_STACK_SIZE=1MB
       -Wno-pthreads-mem-growth)
endif()
