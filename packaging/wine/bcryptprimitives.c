// ProcessPrng of Windows, which Wine 8 lacks. Only for tests: packaging/smoke.sh compiles it.

#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return RtlGenRandom(data, (ULONG)length);
}
