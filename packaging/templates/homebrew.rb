class Postcall < Formula
  desc "@DESCRIPTION@"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/postcall-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/postcall-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/postcall-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/postcall-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "postcall"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/postcall.bash" => "postcall"
    zsh_completion.install "completions/_postcall"
    fish_completion.install "completions/postcall.fish"
    doc.install Dir["docs/*.md"]
  end

  test do
    (testpath/"call.json").write "{\"id\": 1, \"status\": \"completed\"}"
    assert_match version.to_s, shell_output("#{bin}/postcall --version")
    assert_match "missing-field", shell_output("#{bin}/postcall validate call.json", 1)
  end
end
