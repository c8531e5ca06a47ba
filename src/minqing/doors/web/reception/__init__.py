"""The reception desk of a governance centre: register, show the lawful paths, follow; and the brief of the day."""
