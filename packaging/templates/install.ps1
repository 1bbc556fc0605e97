# Installs postcall @VERSION@ for Windows:
#
#   irm @REPOSITORY@/releases/download/v@VERSION@/install.ps1 | iex
#
# The program goes to POSTCALL_INSTALL_DIR (default: %LOCALAPPDATA%\Programs\postcall), which is
# added to the PATH of the user. POSTCALL_DOWNLOAD_URL is the address of the archives, for a mirror.

& {
    $ErrorActionPreference = 'Stop'
    $name = 'postcall-@VERSION@-x86_64-pc-windows-gnu'
    $checksum = '@SHA256:x86_64-pc-windows-gnu@'
    $base = $env:POSTCALL_DOWNLOAD_URL
    if (-not $base) { $base = '@REPOSITORY@/releases/download/v@VERSION@' }
    $directory = $env:POSTCALL_INSTALL_DIR
    if (-not $directory) { $directory = Join-Path $env:LOCALAPPDATA 'Programs\postcall' }

    $folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $folder | Out-Null
    try {
        $archive = Join-Path $folder 'archive.zip'
        Invoke-WebRequest -UseBasicParsing -Uri "$base/$name.zip" -OutFile $archive
        if ((Get-FileHash -Algorithm SHA256 -Path $archive).Hash -ne $checksum) {
            throw "the checksum of $base/$name.zip is wrong"
        }
        Expand-Archive -Path $archive -DestinationPath $folder
        New-Item -ItemType Directory -Force -Path $directory | Out-Null
        Move-Item -Force -Path (Join-Path $folder "$name\postcall.exe") -Destination $directory
    } finally {
        Remove-Item -Recurse -Force -Path $folder
    }

    $path = [Environment]::GetEnvironmentVariable('Path', 'User')
    if (($path -split ';') -notcontains $directory) {
        [Environment]::SetEnvironmentVariable('Path', "$path;$directory".TrimStart(';'), 'User')
        Write-Output "Added $directory to your PATH: open a new terminal."
    }
    Write-Output "Installed $(& (Join-Path $directory 'postcall.exe') --version) to $directory"
}
